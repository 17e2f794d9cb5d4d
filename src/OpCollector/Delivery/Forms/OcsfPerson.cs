namespace OpCollector.Delivery.Forms;

/// <summary>The members that describe a person.</summary>
internal readonly record struct OcsfPerson(OcsfMember Uuid, OcsfMember Name, OcsfMember Email);
