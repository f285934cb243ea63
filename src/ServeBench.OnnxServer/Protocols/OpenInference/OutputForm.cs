using ServeBench.OnnxServer.Protocols.Grpc;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>How the outputs of an answer are written.</summary>
internal enum OutputForm
{
    /// <summary>As numbers in the JSON object.</summary>
    Json,

    /// <summary>As bytes behind the JSON object.</summary>
    Binary,

    /// <summary>As bytes in a message of gRPC.</summary>
    Grpc,
}

/// <summary>What follows from the form of an answer.</summary>
internal static class OutputForms
{
    public static string ContentType(this OutputForm form) => form switch
    {
        OutputForm.Json => "application/json",
        OutputForm.Binary => "application/octet-stream",
        _ => GrpcWire.ContentType,
    };

    /// <summary>Sets what the response says beside the usual.</summary>
    /// <param name="form">The form.</param>
    /// <param name="response">The response.</param>
    /// <param name="headLength">How long the JSON object is where bytes follow it.</param>
    public static void Complete(this OutputForm form, HttpResponse response, int headLength)
    {
        if (form == OutputForm.Binary) response.Headers[InferHead.LengthHeader] = $"{headLength}";
        if (form == OutputForm.Grpc) GrpcWire.Succeed(response);
    }
}
