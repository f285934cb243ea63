# Builds the pipeline when what it is made of has changed, and runs it. What it can do: ./build.ps1 --help
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

$windows = [System.Environment]::OSVersion.Platform -eq 'Win32NT'
$program = 'artifacts/bin/Build/release/ServeBench.Build' + $(if ($windows) { '.exe' } else { '' })
$stamp = 'artifacts/build.stamp'
$log = 'artifacts/build.log'

function Fail([string] $message) {
    [Console]::Error.WriteLine($message)
    exit 1
}

# True when the program is newer than everything it is made of. Catalogue files (YAML) do not count: they are read at every start.
function Test-Current {
    if (-not (Test-Path $program) -or -not (Test-Path $stamp) -or -not (Test-Path node_modules/.package-lock.json)) { return $false }
    $built = (Get-Item $stamp).LastWriteTimeUtc
    $files = Get-ChildItem build, src -Recurse | Where-Object { $_.FullName -notmatch '[\\/]src[\\/]stacks[\\/]' -and $_.Extension -ne '.md' }
    $files += Get-Item global.json, Directory.Build.props, Directory.Packages.props, .editorconfig, package-lock.json
    return -not ($files | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}

function Assert-Sdk {
    $get = 'install it from https://dotnet.microsoft.com/download and run this again.'
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { Fail "The .NET SDK 10 is missing: $get" }
    $found = & dotnet --version 2>$null
    if ($LASTEXITCODE -ne 0) { Fail "The .NET SDK 10 is missing: $get" }
    if ([int]($found -split '\.')[0] -lt 10) { Fail "The .NET SDK here is $found and 10 is needed: $get" }
}

function Assert-Node {
    $get = 'install it from https://nodejs.org and run this again.'
    if (-not (Get-Command node -ErrorAction SilentlyContinue)) { Fail "Node 20 is missing: $get" }
    $found = (& node --version).TrimStart('v')
    if ([int]($found -split '\.')[0] -lt 20) { Fail "The Node here is $found and 20 is needed: $get" }
    if (-not (Get-Command npm -ErrorAction SilentlyContinue)) { Fail "npm is missing; it comes with Node: $get" }
}

# Runs one step quietly; its output is shown only when it fails.
function Invoke-Step([string] $what, [scriptblock] $command) {
    & $command *> $log
    if ($LASTEXITCODE -ne 0) {
        Get-Content $log -Tail 40 | ForEach-Object { [Console]::Error.WriteLine($_) }
        Fail "$what failed; the whole output is in $log."
    }
}

# ONNX Runtime's native library would otherwise report its use over the network, from threads on measured cores.
$env:ORT_DISABLE_TELEMETRY = '1'

Assert-Node
if (-not (Test-Current)) {
    Assert-Sdk
    New-Item -ItemType Directory -Force artifacts | Out-Null
    $started = Get-Date
    if (-not (Test-Path node_modules/.package-lock.json) -or (Get-Item package-lock.json).LastWriteTimeUtc -gt (Get-Item node_modules/.package-lock.json).LastWriteTimeUtc) {
        Invoke-Step 'Installing npm packages' { npm ci --no-fund --no-audit }
    }
    Invoke-Step 'Building the pipeline' { dotnet build build/Build.csproj --configuration Release -nologo -v quiet }
    Set-Content $stamp ''
    (Get-Item $stamp).LastWriteTime = $started
}

& $program @args
exit $LASTEXITCODE
