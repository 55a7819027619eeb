"""The desk of the counter and the phone: everything a person may say or see, on the person's behalf; and the
answering of challenges."""
