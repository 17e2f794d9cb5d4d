namespace OpCollector.Delivery.Forms;

/// <summary>The shapes that a configuration can name.</summary>
internal static class ShapeByName
{
    public static readonly Shape Native = new NativeShape();

    static readonly Shape[] All = [Native, new EventsApiShape(), new OcsfShape()];

    public static string[] Names => [.. All.Select(shape => shape.Name)];

    public static Shape Find(string name) => All.Single(shape => shape.Name == name);
}
