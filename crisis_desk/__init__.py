"""crisis_desk: a desk that two organs share to handle a communication crisis. The application is in `application`."""
