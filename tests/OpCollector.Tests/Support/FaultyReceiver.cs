using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests.Support;

/// <summary>
/// A webhook of any format, or a bucket, that fails in every way it can think of, by a seed, and keeps its own books of what it has: an
/// answer that got lost does not undo what was stored.
/// </summary>
internal sealed class FaultyReceiver : IDisposable
{
    /// <summary>The format of one that takes objects; it looks at no event in them.</summary>
    public const string Bucket = "s3";

    const int Whims = 12;

    readonly Lock _calming = new();
    readonly Receiver _receiver = new();
    readonly Random _random;
    readonly string _format;
    readonly Func<long, bool> _isPoison;
    readonly List<long> _stored = [];
    readonly HashSet<long> _spurned = [];
    bool _isCalm;

    public FaultyReceiver(string format, Random random, Func<long, bool> isPoison)
    {
        (_format, _random, _isPoison) = (format, random, format == Bucket ? _ => false : isPoison);
        _receiver.Judge = Judge;
    }

    public string Url => _receiver.At(_format);

    /// <summary>What it takes: a format of webhooks, or <see cref="Bucket"/>.</summary>
    public string Format => _format;

    /// <summary>Whether it takes events in the order in which they come, and says of none alone that it has it.</summary>
    public bool IsInOrder => !IsBulk;

    /// <summary>Whether it behaves from now on.</summary>
    public bool IsCalm
    {
        get => _isCalm;
        set
        {
            lock (_calming)
            {
                _isCalm = value;
            }
        }
    }

    /// <summary>Whether it refuses an event whatever the moment.</summary>
    public bool Refuses(long eid) => _isPoison(eid);

    /// <summary>Every event it stored, in order, repetitions included.</summary>
    public IReadOnlyList<long> Stored => _stored;

    /// <summary>What it has refused all by itself, for no reason: where others were taken, nobody can tell that from a reason.</summary>
    public IReadOnlySet<long> Spurned => _spurned;

    /// <summary>How often it stored something and did not live to say so.</summary>
    public int Ambiguous { get; private set; }

    /// <summary>Done between storing and answering, in one request of many.</summary>
    public Action OnStored { get; set; } = () => { };

    /// <summary>Does harm to a run, but none to those after everything has become calm: whoever was slow to do it would.</summary>
    public void UnlessCalm(Action harm)
    {
        lock (_calming)
        {
            if (!_isCalm)
            {
                harm();
            }
        }
    }

    /// <summary>Lets a request wait until its sender has given up.</summary>
    public Action OutlastTheSender { get; set; } = () => { };

    public void Dispose() => _receiver.Dispose();

    /// <summary>Every event arrived or lies in the quarantine, and nothing lies there that this receiver has never refused.</summary>
    public void ShouldHaveSettled(IReadOnlyCollection<long> wanted, IReadOnlyCollection<long> quarantined, string because)
    {
        _stored.Distinct().Order().Should().Equal(
            wanted.Where(eid => !_isPoison(eid) && (!quarantined.Contains(eid) || _stored.Contains(eid))).Order(),
            $"{because}: every event, and only what was asked for");
        quarantined.Should().OnlyHaveUniqueItems($"{because}: each event that is refused, once").And.BeSubsetOf(wanted, because);
        wanted.Where(_isPoison).Should().BeSubsetOf(quarantined, because);
        quarantined.Where(eid => !_isPoison(eid)).Should().BeSubsetOf(
            _spurned, $"{because}: nothing is put aside that was not refused alone");
    }

    Answer Judge(string body)
    {
        var eids = EventsIn(body);
        var choice = IsCalm ? 99 : _random.Next(22);
        if (choice < Whims && eids is [var alone])
        {
            _spurned.Add(alone);
        }

        return choice switch
        {
            0 => Answer.Of(Any(500, 502, 503, 504, 408, 425, 507, 522)),
            1 => Answer.Of(Any(429, 503), "", $"Retry-After: {Any("0", "3", "30", "banana", "Thu, 01 Jan 1970 00:00:00 GMT")}"),
            2 => Answer.Silence(counts: false) with { Resets = _random.Next(2) == 0 },
            3 => Lost(eids, Answer.Silence(counts: false)),
            4 => Lost(eids, Answer.Raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")),
            5 => Lost(eids, Answer.Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf") with { Resets = true }),
            6 => Answer.Of(Any(401, 403, 404, 302, 307)),
            7 => Answer.Of(200, "<html>Sign in</html>", "Content-Type: text/html"),
            8 when eids.Length > 1 => Answer.Of(413),
            9 => Outlasted(eids),
            10 when !IsPlain => Lost(eids, Answer.Of(200, Any("", "{}", "OK", "{\"items\":[", "{\"code\":17}"))),
            11 => Stored503(eids),
            12 => Interrupted(eids),
            _ => Proper(eids),
        };
    }

    bool IsPlain => _format is "json" or "ndjson" or "single";

    bool IsBulk => _format is "elasticsearch" or "opensearch";

    Answer Lost(long[] eids, Answer answer)
    {
        Ambiguous++;
        Proper(eids);
        return answer;
    }

    Answer Outlasted(long[] eids)
    {
        if (_random.Next(2) == 0)
        {
            Lost(eids, Answer.Stalled(""));
        }

        OutlastTheSender();
        return Answer.Stalled("");
    }

    Answer Interrupted(long[] eids)
    {
        var answer = Proper(eids);
        OnStored();
        return answer;
    }

    // Splunk's queue is full after some of them.
    Answer Stored503(long[] eids)
    {
        if (_format != "splunk-hec" || eids.Any(_isPoison))
        {
            return Answer.Of(503);
        }

        var taken = _random.Next(eids.Length);
        _stored.AddRange(eids.Take(taken));
        return Answer.Of(503, $$"""{"text":"Server is busy","code":9,"invalid-event-number":{{taken}}}""");
    }

    Answer Proper(long[] eids) => IsBulk ? Bulk(eids) : _format == "splunk-hec" ? Hec(eids) : Plain(eids);

    Answer Plain(long[] eids)
    {
        if (eids.Any(_isPoison))
        {
            return Answer.Of(400, "no such field");
        }

        _stored.AddRange(eids);
        return Answer.Of(200, "", "ETag: \"0123\"");
    }

    Answer Hec(long[] eids)
    {
        var taken = eids.TakeWhile(eid => !_isPoison(eid)).ToArray();
        _stored.AddRange(taken);
        return taken.Length == eids.Length
            ? Answer.Of(200, """{"text":"Success","code":0}""")
            : Answer.Of(400, $$"""{"text":"Invalid data format","code":6,"invalid-event-number":{{taken.Length}}}""");
    }

    Answer Bulk(long[] eids)
    {
        var items = eids.Select(eid => (Eid: eid, Status: _isPoison(eid)
            ? 400
            : _stored.Contains(eid)
            ? 409
            : !IsCalm && _random.Next(40) == 0
            ? Any(429, 503)
            : 201))
            .ToArray();
        _spurned.UnionWith(items.Where(item => item.Status == 503).Select(item => item.Eid));
        _stored.AddRange(items.Where(item => item.Status == 201).Select(item => item.Eid));
        if (!IsCalm)
        {
            _random.Shuffle(items);
        }

        var errors = items.Any(item => item.Status != 201) ? "true" : "false";
        return Answer.Of(
            200,
            $$"""{"errors":{{errors}},"items":[{{string.Join(',', items.Select(item => $$$"""{"create":{"_id":"{{{item.Eid}}}","status":{{{item.Status}}} } }"""))}}]}""");
    }

    T Any<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>The events of a body in any format: JSON values one after another, in arrays, envelopes or behind action lines.</summary>
    static long[] EventsIn(string body)
    {
        var eids = new List<long>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(body), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            var value = JsonNode.Parse(ref reader)!;
            foreach (var each in value is JsonArray array ? [.. array] : new JsonNode?[] { value })
            {
                // In an envelope, in a finding, or in both.
                var item = each;
                while (item is JsonObject around && around["event"] is JsonObject inside)
                {
                    item = inside;
                }

                if (item!["eid"] is { } eid)
                {
                    eids.Add(eid.GetValue<long>());
                }
            }
        }

        return [.. eids];
    }
}
