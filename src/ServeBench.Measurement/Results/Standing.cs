using System.Text.Json.Serialization;

namespace ServeBench.Measurement.Results;

/// <summary>What a case or a trial is worth (method.md, rule 14a).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
public enum Standing
{
    /// <summary>Ranked by its values.</summary>
    [JsonStringEnumMemberName("valid")]
    Valid,

    /// <summary>The server could not do what was asked: it is ranked below all that could, by the rate that it held.</summary>
    [JsonStringEnumMemberName("saturated")]
    Saturated,

    /// <summary>The client or the machine was at fault, so it says nothing about the server.</summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,
}
