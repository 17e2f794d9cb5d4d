using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>Configurations that together use every member there is; a header called * stands for any.</summary>
internal static class Configurations
{
    const string Op = """
        "source": { "type": "op", "op": { "path": "op", "account": "acme", "password": { "env": "P" }, "totpSecret": { "file": "totp" }, "timeout": "60s" } }
        """;

    const string EventsApi = """
        "source": { "type": "events-api", "eventsApi": { "token": { "credential": "token" }, "region": "eu", "url": "https://events.1password.eu", "streams": ["audit"], "limit": 100,
          "overlap": { "audit": "2h", "signin": "2h", "itemusage": "72h" }, "overlapEvery": { "audit": "2h", "signin": "2h", "itemusage": "2h" } } }
        """;

    const string Rest = """
        "$schema": "opcollector.schema.json", "start": "24h", "maxRunTime": "4m", "state": { "directory": "state", "postgres": { "connection": { "env": "PG" }, "name": "acme", "schema": "opcollector" } }, "enrichment": { "refreshAfter": "6h", "lists": ["users.json"] },
        "silence": { "after": "12h" }, "metrics": { "file": "opcollector.prom" }, "heartbeat": { "url": "https://hc.example/ping" },
        "detection": { "deliver": "inline", "level": "high", "rules": ["rules/"], "disabled": ["vault-export"], "lists": { "admins": ["Alice"], "mine": [] },
          "workingHours": [{ "user": "alice", "timeZone": "Europe/Stockholm", "days": "Mon-Fri", "from": "09:00", "to": "24:00", "holidays": ["2026-12-24"] }] }
        """;

    const string Webhook = """
        "type": "webhook", "url": "https://siem.example/hook", "headers": { "*": "1password", "X-Key": { "env": "K" } }, "success": [200, 202],
        "limits": { "events": 10, "bytes": 1000, "eventBytes": 100 }, "proxy": "http://proxy.example:3128", "allowInsecureHttp": false, "timeout": "30s", "only": "findings"
        """;

    const string Form = """
        "shape": "events-api", "add": { "tenant_id": "acme" }, "event": { "@timestamp": "{time}", "message": ["{event:text}"] },
        "routes": { "audit": { "url": "https://siem.example/audit", "add": { "log": "audit" }, "headers": { "X-Log": "audit" }, "timeout": "5s" },
          "signin": { "shape": "native", "event": "{event}", "gzip": false }, "itemusage": { "auth": { "bearer": { "env": "T" } }, "limits": { "events": 5 } },
          "findings": { "format": "single" } }
        """;

    public static IReadOnlyDictionary<string, JsonObject> Named { get; } = new Dictionary<string, JsonObject>
    {
        ["json with a token and a certificate"] = Of(
            Op,
            $$"""{{Webhook}}, "gzip": true, "format": "json", "json": { "open": "[", "close": "]" }, "auth": { "bearer": { "env": "T" } }, "tls": { "ca": "ca.pem", "certificate": "c.pem", "key": "k.pem" }, {{Form}}"""),
        ["the Events API to splunk-hec"] = Of(
            EventsApi,
            $$"""{{Webhook}}, "format": "splunk-hec", "splunk-hec": { "host": "h", "source": "s", "sourcetype": "t", "index": "i", "acknowledgement": "required" }, "auth": { "header": { "name": "Authorization", "prefix": "Splunk ", "value": { "env": "T" } } }, "tls": { "allowInsecure": true }"""),
        ["elasticsearch with a password"] = Of(
            Op,
            $$"""{{Webhook.Replace("/hook", "/x/_bulk", StringComparison.Ordinal)}}, "format": "elasticsearch", "elasticsearch": { "idPrefix": "a-" }, "auth": { "basic": { "user": "u", "password": { "env": "P" } } }"""),
        ["opensearch with a signature"] = Of(
            Op,
            $$"""{{Webhook.Replace("/hook", "/x/_bulk", StringComparison.Ordinal)}}, "format": "opensearch", "opensearch": { "idPrefix": "a-" }, "auth": { "hmac": { "header": "X-S", "prefix": "sha256=", "encoding": "base64", "secret": { "env": "S" } } }"""),
        ["single with two secrets"] = Of(
            Op, $$"""{{Webhook}}, "format": "single", "auth": { "standardWebhooks": [{ "env": "A" }, { "env": "B" }] }"""),
        ["json with a token that is asked for"] = Of(
            Op,
            $$"""{{Webhook}}, "auth": { "oauth2": { "tokenUrl": "https://login.example/token", "clientId": "c", "clientSecret": { "env": "S" }, "scope": "s", "audience": "a", "style": "basic" } }"""),
        ["json as a service account of Google"] = Of(
            Op, $$"""{{Webhook}}, "auth": { "oauth2": { "googleServiceAccount": { "file": "key.json" }, "scope": "s" } }"""),
        ["ndjson by the environment"] = Of(
            Op,
            """ "type": "webhook", "url": { "env": "URL" }, "format": "ndjson", "proxy": { "env": "PROXY" }, "auth": { "standardWebhooks": { "env": "A" } } """),
        ["s3"] = Of(
            Op,
            """ "type": "s3", "bucket": "acme-logs", "region": "eu-central-1", "prefix": "1password/", "endpoint": "https://minio.example:9000", "pathStyle": false, "credentials": { "accessKeyId": "a", "secretAccessKey": { "env": "S" }, "sessionToken": { "env": "T" } }, "encryption": { "method": "aws:kms", "keyId": "k" }, "tls": { "ca": "ca.pem", "certificate": "c.pem", "key": "k.pem" }, "proxy": "http://proxy.example:3128", "allowInsecureHttp": false, "timeout": "30s", "only": "findings" """),
        ["file"] = Of(Op, """ "type": "file", "path": "out/events.ndjson", "only": "findings" """),
        ["files"] = Of(
            Op,
            """ "type": "file", "path": "out/rest.ndjson", "drop": ["noise"], "routes": { "audit": { "path": "out/audit.ndjson" }, "findings": { "add": { "a": 1 } } } """),
        ["stdout"] = Of(Op, """ "type": "stdout" """),
    };

    public static IEnumerable<JsonObject> All => Named.Values;

    static JsonObject Of(string source, string sink) => JsonNode.Parse($$"""{ {{source}}, {{Rest}}, "sink": { {{sink}} } }""")!.AsObject();
}
