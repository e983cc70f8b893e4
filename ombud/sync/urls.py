"""The doors of ledgers and links."""

from django.urls import path

from ombud.sync.views import ledgers, systems

app_name = "sync"
urlpatterns = [
    path("", systems.systems, name="systems"),
    path("new/", systems.new, name="new"),
    path("<int:pk>/", systems.system, name="system"),
    path("<int:pk>/edit/", systems.edit, name="edit"),
    path("<int:pk>/fields/", systems.mapping, name="mapping"),
    path("<int:pk>/verify/", systems.verify, name="verify"),
    path("<int:pk>/switch/", systems.switch, name="switch"),
    path("<int:pk>/secret/", systems.rotate, name="rotate_hook"),
    path("<int:pk>/replay/", systems.replay, name="replay_dead"),
    path("case/<slug:number>/", ledgers.page, name="ledger"),
    path("case/<slug:number>/compare/", ledgers.compare, name="compare"),
    path("case/<slug:number>/replay/", ledgers.replay, name="replay"),
    path("case/<slug:number>/settle/", ledgers.settle, name="settle"),
]
