using System.Security.Cryptography.X509Certificates;

namespace ServeBench.Domain.Targets;

/// <summary>Whom a server with a certificate has to be. The check cannot be switched off.</summary>
/// <param name="ServerName">The name that its certificate has to hold.</param>
/// <param name="CaFile">The file with the only authorities that may have issued it, PEM; null for those of this system.</param>
public sealed record TlsTrust(string ServerName, string? CaFile = null)
{
    /// <summary>The authorities of <see cref="CaFile"/>; null for those of this system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>How a chain is checked: to the end, with the authorities, without asking anybody over the network.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (Authorities is not { } own) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(own);
        return policy;
    }
}
