namespace SiemEmulator.Faults;

/// <summary>The faults in the order in which they were given; the first that fits a request is used, as often as it wants to be.</summary>
internal sealed class Script
{
    readonly List<(Fault Fault, int Left)> _faults = [];

    public void Add(Fault fault)
    {
        if (fault is { IsBeforeReading: true, Condition: not null })
        {
            throw new ArgumentException("Before the body is read its ids are not known", nameof(fault));
        }

        lock (_faults)
        {
            _faults.Add((fault, fault.Repetitions));
        }
    }

    public void Clear()
    {
        lock (_faults)
        {
            _faults.Clear();
        }
    }

    /// <summary>The fault of a request of which only the head is known.</summary>
    public Fault? BeforeReading(int number) => Take(fault => fault.IsBeforeReading && Fits(fault, number));

    public Fault? After(int number, IReadOnlyList<string> ids) =>
        Take(fault => !fault.IsBeforeReading && Fits(fault, number) && fault.Condition?.Invoke(ids) != false);

    static bool Fits(Fault fault, int number) => fault.Number is null || fault.Number == number;

    Fault? Take(Func<Fault, bool> fits)
    {
        lock (_faults)
        {
            var at = _faults.FindIndex(each => each.Left > 0 && fits(each.Fault));
            if (at < 0)
            {
                return null;
            }

            var (fault, left) = _faults[at];
            _faults[at] = (fault, left - 1);
            return fault;
        }
    }
}
