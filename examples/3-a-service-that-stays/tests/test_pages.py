import pytest

from app import create_app


@pytest.fixture
def client():
    app = create_app({"TESTING": True, "PLACE": "the test bench"})
    return app.test_client()


def test_home_says_where_the_light_is_on(client):
    response = client.get("/")

    assert response.status_code == 200
    assert "The light is on at the test bench." in response.text


def test_health_answers_ok(client):
    response = client.get("/health")

    assert response.json == {"status": "ok"}
