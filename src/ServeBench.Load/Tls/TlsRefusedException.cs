namespace ServeBench.Load.Tls;

/// <summary>TLS could not be set up with a server that takes connections: asking again will not help.</summary>
public sealed class TlsRefusedException(string message, Exception? inner = null) : IOException(message, inner);
