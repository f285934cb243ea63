using ServeBench.OnnxServer.Protocols.Protobuf;

namespace ServeBench.OnnxServer.Protocols.OpenInference.Grpc;

/// <summary>Reads an entry of a map of InferParameter, by the rules of <see cref="ParameterReader"/>.</summary>
internal static class InferMessageParameters
{
    /// <param name="entry">One entry of the map.</param>
    /// <param name="number">The parameter that is a whole number here; empty for none.</param>
    /// <param name="value">Null when it is not given.</param>
    public static ApiError? Read(ProtobufReader entry, string number, out long? value)
    {
        value = null;
        var name = "";
        long? given = null;
        while (entry.TryReadField(out var field))
        {
            if (field == 1)
            {
                name = entry.ReadText();
                continue;
            }
            if (field != 2)
            {
                entry.Skip();
                continue;
            }
            for (var parameter = entry.ReadMessage(); parameter.TryReadField(out var kind);)
            {
                // int64_param and uint64_param; the others are no numbers.
                if (kind is 2 or 5) given = (long)parameter.ReadNumber();
                else parameter.Skip();
            }
        }
        if (number.Length == 0 || name != number) return ParameterReader.Check(name, "", number);
        if (given is null or < 0) return ApiError.Invalid($"the parameter '{name}' must be a whole number of 0 or more", "parameters");
        value = given;
        return null;
    }
}
