"""The two endpoints of the comparison as a Django REST Framework project would have them: gunicorn runs `application`.

The models are those that the store's tests share with Django. The JSON equals the service's; `measure.py` makes sure.
"""

import hashlib
import os
import sys
import uuid
from decimal import Decimal
from pathlib import Path

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "host/store/tests/django"))
settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="for a benchmark",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework", "platform_app"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["PGDATABASE"],
            "USER": "postgres",
            "HOST": os.environ["PGHOST"],
            "PORT": "5432",
            "CONN_MAX_AGE": None,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    TIME_ZONE="UTC",
    REST_FRAMEWORK={
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402
from platform_app.models import Backlink, Campaign  # noqa: E402
from rest_framework import authentication, exceptions, generics, pagination, response, serializers  # noqa: E402


class Caller:
    is_authenticated = True

    def __init__(self, account):
        self.account = account


class Bearer(authentication.BaseAuthentication):
    def authenticate(self, request):
        secret = request.headers.get("authorization", "").removeprefix("Bearer ")
        digest = hashlib.sha256(secret.encode()).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT account_id, role, site_ids, expires_at, revoked_at FROM igny8_api_tokens WHERE token_hash = %s",
                [digest],
            )
            row = cursor.fetchone()
        if row is None or row[4] is not None:
            raise exceptions.AuthenticationFailed()
        return Caller(row[0]), None


SCOPED = ["id", "created_at", "updated_at", "account_id", "site_id", "sector_id"]


class BacklinkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Backlink
        fields = SCOPED + [
            "campaign_id", "blueprint_id", "target_content_id", "target_url", "target_tier", "source_url",
            "source_domain", "source_dr", "source_traffic", "anchor_text", "anchor_type", "link_type", "marketplace",
            "cost", "quality_score", "country_relevant", "date_ordered", "date_live", "date_last_checked", "status",
            "notes",
        ]  # fmt: skip


class CampaignSerializer(serializers.ModelSerializer):
    status_label = serializers.SerializerMethodField()
    budget_expected = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = SCOPED + [
            "blueprint_id", "country_code", "status", "tier_assignments", "total_links_target",
            "budget_estimate_min", "budget_estimate_max", "timeline_months", "monthly_plan", "anchor_text_plan",
            "country_profile", "kpi_data", "started_at", "status_label", "budget_expected",
        ]  # fmt: skip

    def get_status_label(self, campaign):
        return campaign.status.capitalize()

    def get_budget_expected(self, campaign):
        return str(sum((Decimal(month["budget"]) for month in campaign.monthly_plan), Decimal("0.00")))


class Pages(pagination.PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_paginated_response(self, data):
        return response.Response(
            {
                "success": True,
                "count": self.page.paginator.count,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
                "request_id": uuid.uuid4().hex,
            }
        )


class CampaignDetail(generics.RetrieveAPIView):
    authentication_classes = [Bearer]
    serializer_class = CampaignSerializer

    def get_queryset(self):
        return Campaign.objects.filter(account_id=self.request.user.account)

    def retrieve(self, request, *args, **kwargs):
        data = self.get_serializer(self.get_object()).data
        return response.Response({"success": True, "data": data, "request_id": uuid.uuid4().hex})


class BacklinkList(generics.ListAPIView):
    authentication_classes = [Bearer]
    serializer_class = BacklinkSerializer
    pagination_class = Pages

    def get_queryset(self):
        rows = Backlink.objects.filter(account_id=self.request.user.account).order_by("id")
        return rows.filter(campaign_id=self.request.query_params["campaign_id"])


ROOT = "api/v1/linker"
urlpatterns = [
    path(f"{ROOT}/campaigns/<int:pk>/", CampaignDetail.as_view()),
    path(f"{ROOT}/backlinks/", BacklinkList.as_view()),
]
application = get_wsgi_application()
