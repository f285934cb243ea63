using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>
/// Lets one address without TLS speak HTTP/1.1 and HTTP/2: a client that begins with HTTP/2's preface ("prior knowledge",
/// RFC 9113, 3.3) is served HTTP/2, every other HTTP/1.1. The web server itself asks TLS which of the two it is, so this
/// answers in its place.
/// </summary>
/// <param name="patience">How long a connection may stay silent before it is closed.</param>
internal sealed class ConnectionProtocol(TimeSpan patience)
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public ConnectionDelegate Detect(ConnectionDelegate next) => async connection =>
    {
        bool isHttp2;
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed))
        {
            limit.CancelAfter(patience);
            try
            {
                isHttp2 = await BeginsWithPrefaceAsync(connection.Transport.Input, limit.Token);
            }
            catch (OperationCanceledException)
            {
                // It said nothing for too long, or is gone; returning closes it.
                return;
            }
        }
        if (isHttp2)
        {
            connection.Features.Set<ITlsConnectionFeature>(Http2.Instance);
            connection.Features.Set<ITlsApplicationProtocolFeature>(Http2.Instance);
        }
        await next(connection);
    };

    private static async ValueTask<bool> BeginsWithPrefaceAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var isPreface = Compare(result.Buffer);
            var isDecided = isPreface is not null || result.IsCompleted || result.IsCanceled;
            // Nothing is consumed: the web server reads the same bytes again. Undecided, only more bytes wake this again.
            input.AdvanceTo(result.Buffer.Start, isDecided ? result.Buffer.Start : result.Buffer.End);
            if (isDecided) return isPreface ?? false;
        }
    }

    /// <returns>Null while it cannot be determined yet.</returns>
    private static bool? Compare(in ReadOnlySequence<byte> begin)
    {
        Span<byte> bytes = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(begin.Length, Preface.Length);
        begin.Slice(0, length).CopyTo(bytes);
        if (!bytes[..length].SequenceEqual(Preface[..length])) return false;
        return length == Preface.Length ? true : null;
    }

    /// <summary>What TLS would say of a connection that it has agreed on HTTP/2 for.</summary>
    private sealed class Http2 : ITlsApplicationProtocolFeature, ITlsConnectionFeature
    {
        public static Http2 Instance { get; } = new();

        public X509Certificate2? ClientCertificate { get; set; }

        public ReadOnlyMemory<byte> ApplicationProtocol => SslApplicationProtocol.Http2.Protocol;

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult<X509Certificate2?>(null);
    }
}
