using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ServeBench.Domain.Targets;

namespace ServeBench.Load.Tls;

/// <summary>How our own driver sets TLS up, under load and for single requests: always with the certificate checked.</summary>
internal static class TlsClient
{
    /// <param name="trust">Whom the server has to be.</param>
    /// <param name="protocol">The version of HTTP that is to be spoken.</param>
    /// <param name="refused">Hears why a certificate is refused.</param>
    public static SslClientAuthenticationOptions Options(TlsTrust trust, SslApplicationProtocol protocol, Action<string> refused) => new()
    {
        TargetHost = trust.ServerName,
        ApplicationProtocols = [protocol],
        EnabledSslProtocols = SslProtocols.None, // what the system allows
        CertificateChainPolicy = trust.Policy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (errors == SslPolicyErrors.None) return true;
            refused(Why(trust, certificate, chain, errors));
            return false;
        },
    };

    /// <summary>Why the version of HTTP that was agreed upon is of no use; null where it is the one that is spoken.</summary>
    /// <param name="wanted">The one that is spoken.</param>
    /// <param name="agreed">What the server said; empty where it said nothing, which HTTP/1.1 does not need.</param>
    public static string? Disagreement(SslApplicationProtocol wanted, SslApplicationProtocol agreed) =>
        agreed == wanted || (wanted == SslApplicationProtocol.Http11 && agreed.Protocol.IsEmpty)
            ? null
            : $"the server does not agree to {wanted} (ALPN); it says '{agreed}'";

    /// <summary>What is wrong with a certificate, and what to do.</summary>
    private static string Why(TlsTrust trust, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "the server shows no certificate";
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) reasons.Add($"it does not hold the name {trust.ServerName}");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            reasons.AddRange((chain?.ChainStatus ?? []).Select(s => s.StatusInformation.Trim().TrimEnd('.')).Distinct());
        var by = trust.CaFile is null ? "the authorities of this system" : trust.CaFile;
        return $"the server's certificate ({certificate?.Subject}) is refused by {by}: {string.Join("; ", reasons)}; "
            + "--endpoint-ca=FILE names the authority that issued it";
    }
}
