"""How much is taken in at one press, before anything of it is written down."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST = 110 * 1024 * 1024


class Bounded(FileUploadHandler):
    """The first of the handlers: refuses the whole by its length, else leaves all to the others."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > MOST:
            raise RequestDataTooBig(f"{content_length} bytes at one press.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
