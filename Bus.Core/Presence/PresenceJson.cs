using System.Text.Json.Serialization;

namespace Bus.Core.Presence;

/// <summary>How presence looks on the wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ParticipantList))]
[JsonSerializable(typeof(BusParticipant))]
[JsonSerializable(typeof(PresenceEvent))]
internal sealed partial class PresenceJson : JsonSerializerContext;
