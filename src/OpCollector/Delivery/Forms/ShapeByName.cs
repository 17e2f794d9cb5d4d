namespace OpCollector.Delivery.Forms;

/// <summary>The shapes that a configuration can name.</summary>
internal static class ShapeByName
{
    public static readonly Shape Native = new NativeShape();

    static readonly Shape EventsApi = new EventsApiShape();

    static readonly Shape[] All = [Native, EventsApi, new OcsfShape(EventsApi)];

    public static string[] Names => [.. All.Select(shape => shape.Name)];

    public static Shape Of(string name) => All.Single(shape => shape.Name == name);
}
