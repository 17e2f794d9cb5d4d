using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiemEmulator.Http;

namespace SiemEmulator.Receivers;

/// <summary>
/// <c>POST /{index}/_bulk</c> (elastic.co "Bulk index or delete documents"; opensearch.org "Bulk"): pairs of an action and a
/// document, answered one item each in the same order, each with its own status.
/// </summary>
internal sealed class Bulk(BulkDialect dialect, string index = "onepassword") : EventReceiver
{
    const int LongestId = 512;

    readonly HashSet<string> _keys = [];
    readonly Dictionary<string, Queue<int>> _scripted = [];

    public override string Path => $"/{index}/_bulk";

    /// <summary>Whether the target is a data stream: only creations, and each document has a time.</summary>
    public bool IsDataStream { get; init; } = true;

    /// <summary>What the cluster says of itself: green, yellow or red.</summary>
    public string Health { get; init; } = "green";

    /// <summary>Whether whoever sends may create documents.</summary>
    public bool MayCreate { get; init; } = true;

    public override bool IsData(Head head) => head.Path.EndsWith("/_bulk", StringComparison.Ordinal);

    public override void Keep(IReadOnlyList<SiemEvent> events) => _keys.UnionWith(events.Select(each => each.Key!));

    /// <summary>The next times this event comes, its item has this status.</summary>
    public Bulk Item(string id, int status, int times = 1)
    {
        var queue = _scripted.TryGetValue(id, out var found) ? found : _scripted[id] = new Queue<int>();
        foreach (var each in Enumerable.Repeat(status, times))
        {
            queue.Enqueue(each);
        }

        return this;
    }

    protected override Judgement Read(Call call)
    {
        var head = call.Head;
        if (head.Path == "/" && head.Method == "GET")
        {
            return Judgement.Accepted(
                Reply.Json(200, """{"name":"node-1","cluster_name":"emulated","tagline":"You Know, for Search"}"""), []);
        }

        // "Cluster health" of both.
        if (head.Path == "/_cluster/health" && head.Method == "GET")
        {
            return Judgement.Accepted(
                Reply.Json(200, new JsonObject { ["cluster_name"] = "emulated", ["status"] = Health }.ToJsonString()), []);
        }

        // Elastic "Check user privileges": it needs none itself. OpenSearch has nothing of the kind.
        if (dialect == BulkDialect.Elasticsearch && head.Path == "/_security/user/_has_privileges" && head.Method == "POST")
        {
            var wanted = JsonNode.Parse(call.Body)!["index"]![0]!;
            return wanted["privileges"]!.AsArray().Select(each => (string?)each).SequenceEqual(["create_doc"])
                && (string?)wanted["names"]![0] == index
                ? Judgement.Accepted(
                    Reply.Json(200, new JsonObject { ["username"] = "collector", ["has_all_requested"] = MayCreate }.ToJsonString()), [])
                : Whole(400, "action_request_validation_exception", "not the privileges of this index");
        }

        if (head.Path != Path)
        {
            return Whole(404, "index_not_found_exception", $"no such index [{head.Path.Split('/')[1]}]");
        }

        if (head.Method is not ("POST" or "PUT"))
        {
            return Whole(
                405,
                "method_not_allowed",
                $"Incorrect HTTP method for uri [{head.Target}] and method [{head.Method}], allowed: [POST, PUT]");
        }

        // OpenSearch "Bulk": "Avoid using the Transfer-Encoding: chunked header"; Amazon's managed service does not take it.
        if (dialect == BulkDialect.OpenSearch && head.Header("Transfer-Encoding") is not null)
        {
            return Whole(411, "illegal_argument_exception", "Transfer-Encoding: chunked is not taken");
        }

        // Elastic "Bulk": "When sending requests to the _bulk endpoint, the Content-Type header should be set to application/x-ndjson."
        if (!head.IsOf("application/x-ndjson"))
        {
            return Whole(406, "media_type_header_exception", $"Content-Type header [{head.Header("Content-Type")}] is not supported");
        }

        if (call.Body.Length == 0)
        {
            return Whole(400, "parse_exception", "request body is required");
        }

        // "The final line of data must end with a newline character \n." The whole request is refused.
        return Lines.Of(call.Body) is { Count: > 0 } lines
            ? Pairs(lines, head)
            : Whole(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
    }

    protected override Judgement Refused(int status, string why, IReadOnlyList<SiemEvent>? events = null) =>
        status == 401 ? Whole(401, "security_exception", why) : Judgement.Refused(new Reply(status, ""), why, events);

    static Judgement Whole(int status, string type, string reason)
    {
        var error = new JsonObject { ["root_cause"] = new JsonArray(Cause(type, reason)), ["type"] = type, ["reason"] = reason };
        return Judgement.Refused(Reply.Json(status, new JsonObject { ["error"] = error, ["status"] = status }.ToJsonString()), reason);
    }

    static JsonObject Cause(string type, string reason) => new() { ["type"] = type, ["reason"] = reason };

    Judgement Pairs(IReadOnlyList<ReadOnlyMemory<byte>> lines, Head head)
    {
        var pairs = new List<(BulkAction Action, ReadOnlyMemory<byte> Document)>();
        for (var at = 0; at < lines.Count; at += 2)
        {
            if (BulkAction.Of(lines[at]) is not { } action)
            {
                return Whole(400, "illegal_argument_exception", $"Malformed action/metadata line [{at + 1}]");
            }

            if (at + 1 == lines.Count)
            {
                return Whole(400, "action_request_validation_exception", $"Validation Failed: 1: source is missing for line [{at + 1}];");
            }

            // IndexRequest.validate: one id that is too long fails the validation of the whole request.
            if (action.Id is { } id && System.Text.Encoding.UTF8.GetByteCount(id) is > LongestId and var length)
            {
                return Whole(
                    400,
                    "action_request_validation_exception",
                    $"Validation Failed: 1: id [{id}] is too long, must be no longer than 512 bytes but was: {length};");
            }

            pairs.Add((action, lines[at + 1]));
        }

        var (items, events, kept) = (new JsonArray(), new List<SiemEvent>(), new List<SiemEvent>());
        var keys = new HashSet<string>(_keys);
        foreach (var (action, document) in pairs)
        {
            var key = action.Id ?? $"generated-{Guid.NewGuid():N}";
            var (status, error, taken) = Item(action.Name, key, document, keys);
            events.Add(taken ?? new SiemEvent(key, "", key));
            if (error is null)
            {
                keys.Add(key);
                kept.Add(taken!);
            }

            var item = new JsonObject { ["_index"] = index, ["_id"] = key, ["status"] = status };
            _ = error is null ? item["result"] = "created" : item["error"] = error;
            items.Add(new JsonObject { [action.Name] = item });
        }

        var answer = new JsonObject { ["took"] = 1, ["errors"] = kept.Count < events.Count, ["items"] = items };
        var shown = head.Query("filter_path") is { } filter ? FilterPath.Applied(answer, filter) : answer;
        return new Judgement(
            Reply.Json(200, shown.ToJsonString()),
            events,
            kept,
            kept.Count < events.Count ? string.Create(CultureInfo.InvariantCulture, $"{events.Count - kept.Count} items") : null);
    }

    (int Status, JsonObject? Error, SiemEvent? Event) Item(string action, string key, ReadOnlyMemory<byte> document, HashSet<string> keys)
    {
        // Elasticsearch since 8.8 and OpenSearch name it differently.
        var unreadable = dialect == BulkDialect.Elasticsearch ? "document_parsing_exception" : "mapper_parsing_exception";
        SiemEvent taken;
        bool hasTime;
        try
        {
            // Both parse with strict duplicate detection: a member that comes twice makes the document invalid.
            using var json = JsonDocument.Parse(document, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (400, Cause(unreadable, "failed to parse: the document is no object"), null);
            }

            taken = SiemEvent.Of(json.RootElement, key);
            hasTime = json.RootElement.TryGetProperty("@timestamp", out var time)
                && time.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        }
        catch (JsonException ex)
        {
            return (400, Cause(unreadable, $"failed to parse: {ex.Message}"), null);
        }

        if (Scripted(taken) is { } status)
        {
            return (status, Cause(status == 429 ? "es_rejected_execution_exception" : "emulated_exception", "as the test wants it"), taken);
        }

        if (Poison.Contains(taken.Id) || Poison.Contains(key))
        {
            return (400, Cause(unreadable, "failed to parse field [poison]"), taken);
        }

        // Elastic "Data streams": "you can only use create", and each document has a @timestamp.
        if (IsDataStream && action != "create")
        {
            return (
                400, Cause("illegal_argument_exception", "only write ops with an op_type of create are allowed in data streams"), taken);
        }

        if (IsDataStream && !hasTime)
        {
            return (400, Cause(unreadable, "data stream timestamp field [@timestamp] is missing"), taken);
        }

        // create "fails if a document with the same ID already exists in the target".
        return action == "create" && keys.Contains(key)
            ? (
                409,
                Cause("version_conflict_engine_exception", $"[{key}]: version conflict, document already exists (current version [1])"),
                taken)
            : (201, null, taken);
    }

    int? Scripted(SiemEvent taken) =>
        (_scripted.TryGetValue(taken.Id, out var queue) || _scripted.TryGetValue(taken.Key!, out queue)) && queue.TryDequeue(out var status)
            ? status
            : null;
}
