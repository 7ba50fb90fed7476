package io.espalier.cli.serve;

import io.espalier.service.data.DataRoom;
import io.espalier.service.http.HttpSettings.TlsFiles;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code serve}.
 *
 * @param listen where the API listens; port 0 for any free one
 * @param tls of the API; absent for plaintext on the loopback
 * @param requireToken whether callers on the loopback need a token for all that changes nothing,
 *     too
 * @param gateways {@code HOST:PORT}, each for one federation at a time
 * @param authority directory of the authority that certifies clients of federations; absent for
 *     plaintext on the loopback
 * @param memoryMb for all of them together
 * @param workerMemoryMb of each attempt's process beyond its trainers; absent for attempts within
 *     the service's process
 * @param data directories below which recipes may name files
 * @param dataLimits of the data sets that clients upload to the first of them
 * @param keepFor how long ended runs are kept at most; absent for ever
 * @param notices destinations of notices of ended runs and alerts
 * @param cluster file that describes this node's cluster; absent for a node by itself
 */
public record ServeSettings(
    Path home,
    InetSocketAddress listen,
    Optional<TlsFiles> tls,
    boolean requireToken,
    List<String> gateways,
    Optional<Path> authority,
    int trainers,
    int memoryMb,
    Optional<Integer> workerMemoryMb,
    List<Path> data,
    DataRoom.Limits dataLimits,
    int keepRuns,
    Optional<Duration> keepFor,
    NoticeSettings notices,
    Optional<Path> cluster,
    Optional<BrokerAccess> kafka) {
  public ServeSettings {
    gateways = List.copyOf(gateways);
    data = List.copyOf(data);
  }

  /** The service's directory: journal, runs, tokens, address. */
  public Path directory() {
    return directoryIn(home);
  }

  public static Path directoryIn(Path home) {
    return home.resolve("service");
  }
}
