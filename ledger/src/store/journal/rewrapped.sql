-- Where an event lies that was wrapped anew.
SELECT anew FROM rewrapped WHERE place = ?1
