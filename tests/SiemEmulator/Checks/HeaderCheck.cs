using SiemEmulator.Receivers;

namespace SiemEmulator.Checks;

/// <summary>One header, once, with exactly this value.</summary>
internal sealed class HeaderCheck(string name, string value) : Check
{
    public override string? Complaint(Call call) => call.Head.All(name) switch
    {
        [] => $"{name} is missing",
        [var given] when AreSame(given, value) => null,
        [_] => $"{name} is wrong",
        _ => $"{name} comes twice",
    };
}
