"""Addresses of the matching API."""

from rest_framework.routers import SimpleRouter

from matching.api.views import LotViewSet, NeedViewSet

router = SimpleRouter()
router.register("needs", NeedViewSet, basename="need")
router.register("lots", LotViewSet, basename="lot")
urlpatterns = router.urls
