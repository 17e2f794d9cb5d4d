using OpCollector.Delivery.Formats;

namespace OpCollector.Tests.Support;

/// <summary>The formats as a configuration names them.</summary>
internal static class NamedFormat
{
    public static Format Of(string name, params int[] success) => Of(new FormatSettings(name, HecSettings.Usual), success);

    public static Format Of(FormatSettings settings, params int[] success) =>
        FormatByName.Create(settings, new LimitSettings(), new SuccessStatuses(success), TimeProvider.System);
}
