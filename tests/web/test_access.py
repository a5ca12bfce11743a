"""Who may do what over HTTP."""

from service.usecases.keys import SCOPES


def test_every_route_of_the_api_declares_a_scope(app):
    views = {
        f"{sorted(rule.methods - {'HEAD', 'OPTIONS'})} {rule.rule}": app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v1")
    }
    assert len(views) >= 7
    unlocked = {name for name, view in views.items() if getattr(view, "unlocked", False)}
    assert unlocked == {"['POST'] /v1/hooks/superdesk", "['POST'] /v1/hooks/wordpress"}
    locked = {name: view for name, view in views.items() if name not in unlocked}
    undeclared = [
        name for name, view in locked.items() if getattr(view, "required_scope", None) not in SCOPES
    ]
    assert undeclared == []
