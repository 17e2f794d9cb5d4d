using System.Text.Json.Nodes;
using EventsApiEmulator;

namespace Benchmarks;

/// <summary>The shipped executable, configured for the Events API.</summary>
internal sealed class EventsCollector(Workshop workshop, EventsApiServer api, JsonObject sink, string name = "opcollector")
    : Contestant(name)
{
    readonly string _directory = workshop.Place($"{name}-{sink["type"]}".Replace(' ', '-'));

    public override string[] Command => [workshop.Collector, "collect", "--config", Configuration];

    string Configuration => Path.Combine(_directory, "opcollector.json");

    string State => Path.Combine(_directory, "state");

    /// <summary>One that delivers to a webhook.</summary>
    public static EventsCollector To(Workshop workshop, EventsApiServer api, Receiver receiver) =>
        new(workshop, api, new JsonObject { ["type"] = "webhook", ["url"] = $"http://{receiver.Address}/hook" });

    /// <summary>Others that send the same in another form, each event of it as one.</summary>
    public static IEnumerable<EventsCollector> Forms(Workshop workshop, EventsApiServer api, Receiver receiver)
    {
        var url = $"http://{receiver.Address}/hook";
        yield return Of("a route, add", new JsonObject
        {
            ["add"] = new JsonObject { ["tenant_id"] = "acme" },
            ["routes"] = new JsonObject { ["audit"] = new JsonObject { ["url"] = url }, ["findings"] = new JsonObject() },
        });
        yield return Of("a route, add, event", new JsonObject
        {
            ["add"] = new JsonObject { ["tenant_id"] = "acme" },
            ["event"] = new JsonObject { ["timestamp"] = "{time}", ["message"] = "{event:text}" },
            ["routes"] = new JsonObject { ["audit"] = new JsonObject { ["url"] = url }, ["findings"] = new JsonObject() },
        });
        yield return Of("ocsf", new JsonObject { ["shape"] = "ocsf" });

        EventsCollector Of(string name, JsonObject form)
        {
            (form["type"], form["url"]) = ("webhook", url);
            return new EventsCollector(workshop, api, form, $"opcollector, {name}");
        }
    }

    /// <summary>One that puts objects into a bucket.</summary>
    public static EventsCollector To(Workshop workshop, EventsApiServer api, Bucket bucket)
    {
        var secret = Path.Combine(workshop.Root, "s3-secret");
        WriteSecret(secret, "S3RVER");
        return new(workshop, api, new JsonObject
        {
            ["type"] = "s3",
            ["bucket"] = "logs",
            ["region"] = "us-east-1",
            ["endpoint"] = bucket.Endpoint,
            ["pathStyle"] = true,
            ["credentials"] = new JsonObject { ["accessKeyId"] = "S3RVER", ["secretAccessKey"] = new JsonObject { ["file"] = secret } },
        });
    }

    public override void Reset()
    {
        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }

        var token = Path.Combine(_directory, "token");
        WriteSecret(token, ApiToken.For(api.Address).Text);
        var configuration = new JsonObject
        {
            ["source"] = new JsonObject
            {
                ["type"] = "events-api",
                ["eventsApi"] = new JsonObject { ["token"] = new JsonObject { ["file"] = token }, ["streams"] = new JsonArray("audit") },
            },
            ["start"] = "oldest",
            ["maxRunTime"] = "60m",
            ["state"] = new JsonObject { ["directory"] = State },
            ["sink"] = sink.DeepClone(),
        };
        File.WriteAllText(Configuration, configuration.ToJsonString());
    }

    static void WriteSecret(string file, string secret)
    {
        File.WriteAllText(file, secret);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
