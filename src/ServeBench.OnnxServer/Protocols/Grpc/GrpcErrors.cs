namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>Errors as the status of a call.</summary>
internal static class GrpcErrors
{
    /// <summary>Ends a call that has answered nothing yet.</summary>
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        GrpcWire.Fail(context.Response, error);
        return context.Response.CompleteAsync();
    }
}
