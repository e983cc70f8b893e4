from ombud.post.carriers import email, sms

CARRIERS = {"email": email, "sms": sms}
