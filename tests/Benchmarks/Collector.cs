using System.Text.Json.Nodes;

namespace Benchmarks;

/// <summary>The shipped executable, configured as for cron.</summary>
internal class Collector(Workshop workshop, Receiver receiver, string name = "opcollector") : Contestant(name)
{
    readonly string _directory = workshop.Place(name);

    public override string[] Command => [Program, "collect", "--config", Configuration];

    protected string Program => workshop.Collector;

    protected string Configuration => Path.Combine(_directory, "opcollector.json");

    string State => Path.Combine(_directory, "state");

    public override void Reset()
    {
        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }

        var configuration = new JsonObject
        {
            ["source"] = new JsonObject
            {
                ["type"] = "op",
                ["op"] = new JsonObject
                {
                    ["path"] = workshop.Op,
                    ["account"] = "acme",
                    ["password"] = new JsonObject { ["env"] = "OP_PASSWORD" }
                },
            },
            ["start"] = $"{Before}",
            ["maxRunTime"] = "60m",
            ["state"] = new JsonObject { ["directory"] = State },
            ["sink"] = new JsonObject { ["type"] = "webhook", ["url"] = $"http://{receiver.Address}/hook" },
        };
        File.WriteAllText(Configuration, configuration.ToJsonString());
    }
}
