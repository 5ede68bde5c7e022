import pytest

from app import create_app, database


@pytest.fixture
def client():
    app = create_app(
        {
            "TESTING": True,
            "PLACE": "the test bench",
            "DATABASE": "dbname=porchlight_test",
        }
    )
    app.test_cli_runner().invoke(args=["migrate"], catch_exceptions=False)
    with app.app_context():
        database.connection().execute("TRUNCATE visits")
    return app.test_client()


def test_home_says_where_the_light_is_on(client):
    response = client.get("/")

    assert response.status_code == 200
    assert "The light is on at the test bench." in response.text


def test_a_visitor_leaves_a_line_and_puts_the_light_out(client):
    response = client.post("/", data={"line": "Good night", "light": "off"})
    assert response.status_code == 302

    page = client.get("/").text
    assert "Good night" in page
    assert "The light is off at the test bench." in page


def test_a_line_is_shown_as_text(client):
    client.post("/", data={"line": "<b>bold</b>", "light": "on"})

    assert "&lt;b&gt;bold&lt;/b&gt;" in client.get("/").text


@pytest.mark.parametrize("line", ["", "   ", "x" * 81])
def test_a_line_has_1_to_80_characters(client, line):
    assert client.post("/", data={"line": line}).status_code == 400


def test_health_answers_ok(client):
    response = client.get("/health")

    assert response.json == {"status": "ok"}
