using OpEmulator.Scenarios;

namespace OpEmulator.Faults;

/// <summary>Counts the calls of a command and finds the fault that hits this one.</summary>
internal static class FaultChoice
{
    public static Fault? Of(Scenario scenario, string command, Ledger ledger)
    {
        var call = ledger.Add($"calls of {command}", 1);
        for (var i = 0; i < scenario.Faults.Count; i++)
        {
            var fault = scenario.Faults[i];
            if (fault.Command == command && Hits(fault, call, $"fault {i} of {scenario.Stamp}", ledger))
            {
                return fault;
            }
        }

        return null;
    }

    static bool Hits(Fault fault, long call, string name, Ledger ledger) => fault switch
    {
        { Call: { } first } => call >= first && call < first + (fault.Times ?? 1),
        { Times: { } times } => ledger[name] < times && ledger.Add(name, 1) > 0,
        _ => true,
    };
}
