using System.Text;
using SiemEmulator.Faults;
using SiemEmulator.Http;

namespace EventsApiEmulator;

/// <summary>
/// The Events API of 1Password on a real socket of the loopback interface, as strict as its documents, with the manners that are
/// known of it, and with troubles as scripted.
/// </summary>
internal sealed class EventsApi : IDisposable
{
    public const string Account = "M4E2SWNZAZFTRGQGDNS2E5A4MU";

    static readonly TimeSpan Reach = TimeSpan.FromDays(120);

    readonly Dictionary<string, ApiStream> _streams = ApiToken.All.ToDictionary(feature => feature, _ => new ApiStream());
    readonly LoopbackServer _server;
    readonly Lock _judging = new();
    readonly List<ApiRequest> _requests = [];
    readonly List<Trouble> _troubles = [];
    int _epoch;
    int _count;

    public EventsApi()
    {
        _server = new LoopbackServer(ServeAsync);
        Token = ApiToken.For(Authority);
    }

    public string Authority => _server.Authority;

    public string Url => _server.Url;

    /// <summary>The one token that is good.</summary>
    public ApiToken Token { get; set; }

    /// <summary>Whether the API knows the account of a token, as it does since 1.4.1.</summary>
    public string? AccountUuid { get; set; } = Account;

    public CursorOrder Order { get; set; }

    public ErrorShape Errors { get; set; } = ErrorShape.Flat;

    /// <summary>
    /// Whether it says that there is more at the end too, and gives the same cursor for ever (elastic/integrations#5471).
    /// </summary>
    public bool AlwaysPromisesMore { get; set; }

    public bool KeepsRequests { get; set; } = true;

    public IReadOnlyList<ApiRequest> Requests
    {
        get
        {
            lock (_judging)
            {
                return [.. _requests];
            }
        }
    }

    public IEnumerable<ApiRequest> Of(string feature) => Requests.Where(request => request.Feature == feature);

    /// <summary>
    /// Called with each request before it is answered. Its trouble is its own by then: what comes meanwhile cannot take that away.
    /// </summary>
    public Action<string>? OnRequest { get; set; }

    public EventsApi With(Trouble trouble)
    {
        lock (_judging)
        {
            _troubles.Add(trouble);
        }

        return this;
    }

    public void Recover()
    {
        lock (_judging)
        {
            _troubles.Clear();
        }
    }

    public void ForgetRequests()
    {
        lock (_judging)
        {
            _requests.Clear();
        }
    }

    /// <summary>From now on no cursor that was given out is good any more.</summary>
    public void ForgetCursors() => Interlocked.Increment(ref _epoch);

    /// <summary>An event as its text; whatever its time, it is inserted now.</summary>
    public string Add(string feature, DateTimeOffset time, string? uuid = null, string? text = null)
    {
        lock (_judging)
        {
            var id = uuid ?? Samples.Uuid($"{feature} {_count}");
            _streams[feature].Add(id, time, text ?? Samples.Of(feature, id, time, _count));
            _count++;
            return id;
        }
    }

    /// <summary>So many events, evenly over the time up to <paramref name="last"/>.</summary>
    public string[] AddMany(string feature, int count, DateTimeOffset last, TimeSpan step) =>
        [.. Enumerable.Range(1, count).Select(number => Add(feature, last - ((count - number) * step)))];

    public void Dispose() => _server.Dispose();

    async Task<ReplyWriter.End> ServeAsync(Connection connection, CancellationToken stop)
    {
        var end = ReplyWriter.End.None;
        while (end == ReplyWriter.End.None && await connection.Reader.HeadAsync(stop) is { } head)
        {
            var (reply, trouble) = Answer(head, await connection.Reader.BodyAsync(head, stop));
            end = await ReplyWriter.WriteAsync(
                connection.Stream, reply, trouble?.Manner ?? Manner.Plain, trouble?.Pause ?? TimeSpan.Zero, isHead: false, stop);
        }

        return end;
    }

    (Reply Reply, Trouble? Trouble) Answer(Head head, byte[] body)
    {
        var feature = head.Path.Split('/')[^1];
        var trouble = Next(feature);
        OnRequest?.Invoke(feature);
        lock (_judging)
        {
            var (reply, items) = trouble?.Reply is { } instead ? (instead, []) : Judge(head, feature, body);
            reply = trouble?.Changing is { } change ? reply with { Body = change(reply.Body) } : reply;
            if (KeepsRequests)
            {
                _requests.Add(
                    new ApiRequest(feature, head.Text, Encoding.UTF8.GetString(body), reply.Status, [.. items.Select(item => item.Uuid)]));
            }

            return (reply, trouble);
        }
    }

    Trouble? Next(string feature)
    {
        lock (_judging)
        {
            var at = _troubles.FindIndex(each => each.Feature is null || each.Feature == feature);
            if (at < 0)
            {
                return null;
            }

            var trouble = _troubles[at];
            if (trouble.After > 0)
            {
                _troubles[at] = trouble with { After = trouble.After - 1 };
                return null;
            }

            if (trouble.Times == 1)
            {
                _troubles.RemoveAt(at);
            }
            else
            {
                _troubles[at] = trouble with { Times = trouble.Times - 1 };
            }

            return trouble;
        }
    }

    (Reply Reply, IReadOnlyList<ApiItem> Items) Judge(Head head, string feature, byte[] body)
    {
        var isIntrospection = head is { Method: "GET", Path: "/api/v2/auth/introspect" };
        if (!isIntrospection && !(head.Method == "POST" && _streams.ContainsKey(feature) && head.Path == $"/api/v2/{feature}"))
        {
            return (new Reply(404, "404 page not found\n", "Content-Type: text/plain; charset=utf-8"), []);
        }

        if (head.Header("Authorization") != $"Bearer {Token.Text}" || (!isIntrospection && !Token.Features.Contains(feature)))
        {
            return (Error(401, "Unauthorized access"), []);
        }

        if (isIntrospection)
        {
            var account = AccountUuid is null ? "" : $",\"account_uuid\":\"{AccountUuid}\"";
            return (
                Reply.Json(
                    200,
                    $$"""{"uuid":"OK41XEGLRTH4YKO5YRTCPNX3IU","issued_at":"2024-12-16T16:32:50-03:00","features":["{{string.Join("\",\"", Token.Features)}}"]{{account}}}"""),
                []);
        }

        try
        {
            return head.IsOf("application/json") ? List(feature, Question.Of(body)) : (Error(400, "the body is not JSON"), []);
        }
        catch (Exception ex) when (ex is FormatException or InvalidOperationException)
        {
            return (Error(400, $"Bad Request: {ex.Message}"), []);
        }
    }

    (Reply Reply, IReadOnlyList<ApiItem> Items) List(string feature, Question question)
    {
        var now = DateTimeOffset.UtcNow;
        var cursor = question.Cursor is null
            ? new Cursor(feature, _epoch, question.Limit, question.Start ?? (question.End ?? now).AddHours(-1), question.End, 0, "", 0)
            : Cursor.TryParse(question.Cursor);
        if (cursor is null || cursor.Feature != feature || cursor.Epoch != _epoch)
        {
            return (Error(400, "Bad Request: the cursor is invalid"), []);
        }

        var (items, next) = _streams[feature].After(cursor, Order, now - Reach);
        // A full page may be the last one: then one that is empty follows.
        var hasMore = AlwaysPromisesMore || items.Count == cursor.Limit;
        return (
            Reply.Json(
                200,
                $$"""{"cursor":"{{next}}","has_more":{{(hasMore ? "true" : "false")}},"items":[{{string.Join(',', items.Select(item => item.Text))}}]}"""),
            items);
    }

    Reply Error(int status, string message) => Errors switch
    {
        ErrorShape.Nested => Reply.Json(status, $$$"""{"Error":{"Message":"{{{message}}}"}}"""),
        ErrorShape.Flat => Reply.Json(status, $$"""{"status":{{status}},"message":"{{message}}"}"""),
        _ => new Reply(status, message + "\n", "Content-Type: text/plain; charset=utf-8"),
    };
}
