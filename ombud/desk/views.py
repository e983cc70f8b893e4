"""What stands above all flats."""

from django.http import HttpResponse


def home(request):
    return HttpResponse()


approvals = case = signing = signing_back = home
