using OpCollector.Sources;

namespace OpCollector.Detection.Sigma;

/// <summary>Which part of a field has to be what another field says.</summary>
internal enum FieldReference
{
    Whole,
    Start,
    End,
    Anywhere,
}
