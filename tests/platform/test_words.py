import json
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel

from crisis_desk.platform import catalogue, words
from crisis_desk.platform.words import _, ngettext, speaking, translate


def test_a_sentence_needs_neither_request_nor_application() -> None:
    assert translate("%(span)s late", "vi", span="5 phút") == "trễ 5 phút"
    assert translate("%(span)s late", "en", span="5 min") == "5 min late"


def test_a_lazy_sentence_takes_the_language_of_the_moment_it_is_read() -> None:
    sentence = _("%(span)s late", span=_("under 1 min"))

    with speaking("en"):
        english = str(sentence)
    with speaking("vi"):
        vietnamese = str(sentence)

    assert (english, vietnamese) == ("under 1 min late", "trễ chưa đến 1 phút")
    assert translate(sentence, "en") == "under 1 min late"


def test_the_plural_follows_the_rules_of_each_language() -> None:
    days = [ngettext("%(num)s day", "%(num)s days", number) for number in (1, 2)]

    with speaking("en"):
        assert [str(day) for day in days] == ["1 day", "2 days"]
    with speaking("vi"):
        assert [str(day) for day in days] == ["1 ngày", "2 ngày"]


def test_what_a_person_typed_is_escaped_inside_a_lazy_sentence() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="en")

    with app.test_request_context():
        page = render_template_string("{{ said }}", said=_("%(span)s late", span="<script>"))

    assert page == "&lt;script&gt; late"


def test_the_reader_s_language_is_the_request_s() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="en", locale_selector=lambda: "vi")

    with app.test_request_context():
        assert str(_("closed")) == "đã đóng"


def test_a_missing_value_is_an_error_not_a_blank() -> None:
    with pytest.raises(KeyError):
        translate("%(span)s late", "en")


def test_two_features_may_not_translate_one_message_differently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUES", tmp_path)
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "facts.po").write_text('msgid "Close"\nmsgstr "Đóng"\n')
    (tmp_path / "vi" / "tasks.po").write_text('msgid "Close"\nmsgstr "Gần"\n')

    with pytest.raises(catalogue.CatalogueConflict, match=r"tasks\.po"):
        catalogue.merged_catalogue("vi")


def test_the_compiled_catalogue_holds_every_feature_s_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUES", tmp_path)
    monkeypatch.setattr(catalogue, "CLIENT_MESSAGES", tmp_path / "client.json")
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "platform.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')
    (tmp_path / "vi" / "facts.po").write_text('msgid "Fact"\nmsgstr "Dữ kiện"\n')
    (tmp_path / "vi" / "tasks.po").write_text('msgid "Task"\nmsgstr "Nhiệm vụ"\n')

    words.compile_catalogue()
    compiled = catalogue.load_catalogue("vi")

    assert [compiled.gettext(message) for message in ("Fact", "Task")] == ["Dữ kiện", "Nhiệm vụ"]


def test_scripts_are_given_the_messages_they_use_and_no_others() -> None:
    given = words.client_words("vi")

    assert given["%(span)s left"] == "còn %(span)s"
    assert "noted %(span)s late" not in given
    assert words.client_words("en") == {}
    json.dumps(given)


def test_words_inside_a_template_string_of_a_script_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    script = 'x = `· ${t("last saved %(time)s", { time: f({ a: 1 }) })}` + tn("a", "b", 2)'
    (tmp_path / "src" / "a.js").write_text(script)
    monkeypatch.setattr(catalogue, "client_sources", lambda: tmp_path / "src")
    catalogue.client_messages.cache_clear()

    found = catalogue.client_messages()
    catalogue.client_messages.cache_clear()

    assert found == ("a", "last saved %(time)s")


def test_a_value_may_be_called_as_the_function_calls_its_own() -> None:
    assert translate("%(message)s, %(language)s", "en", message="one", language="vi") == "one, vi"
