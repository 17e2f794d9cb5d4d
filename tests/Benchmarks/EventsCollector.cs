using System.Text.Json.Nodes;
using EventsApiEmulator;

namespace Benchmarks;

/// <summary>The shipped executable, configured for the Events API.</summary>
internal sealed class EventsCollector(Workshop workshop, EventsApiServer api, Receiver receiver) : Contestant("opcollector")
{
    readonly string _directory = workshop.Place("events-collector");

    public override string[] Command => [workshop.Collector, "collect", "--config", Configuration];

    string Configuration => Path.Combine(_directory, "opcollector.json");

    string State => Path.Combine(_directory, "state");

    public override void Reset()
    {
        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }

        var token = Path.Combine(_directory, "token");
        File.WriteAllText(token, ApiToken.For(api.Address).Text);
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
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
            ["sink"] = new JsonObject { ["type"] = "webhook", ["url"] = $"http://{receiver.Address}/hook" },
        };
        File.WriteAllText(Configuration, configuration.ToJsonString());
    }
}
