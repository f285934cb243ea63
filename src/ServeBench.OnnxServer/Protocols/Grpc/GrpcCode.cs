namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>How a call ended (gRPC, "Status codes and their use in gRPC").</summary>
internal enum GrpcCode
{
    Ok = 0,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}
