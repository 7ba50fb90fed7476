package io.espalier.cli.serve;

import io.espalier.service.data.DataRoom;
import io.espalier.service.http.HttpSettings.TlsFiles;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.run.Retention;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code serve}.
 *
 * @param retention of ended runs
 * @param notices destinations of notices of ended runs and alerts
 */
public record ServeSettings(
    Path home,
    Api api,
    Capacity capacity,
    Data data,
    Retention retention,
    NoticeSettings notices,
    Peers peers) {

  /**
   * How the API is reached.
   *
   * @param listen port 0 for any free one
   * @param tls absent for plaintext on the loopback
   * @param requireToken whether callers on the loopback need a token for all that changes nothing,
   *     too
   */
  public record Api(InetSocketAddress listen, Optional<TlsFiles> tls, boolean requireToken) {}

  /**
   * What runs may take at once.
   *
   * @param memoryMb of all trainers together
   * @param workerMemoryMb of each attempt's process beyond its trainers; absent for attempts within
   *     the service's process
   * @param gateways {@code HOST:PORT}, each for one federation at a time
   */
  public record Capacity(
      int trainers, int memoryMb, Optional<Integer> workerMemoryMb, List<String> gateways) {
    public Capacity {
      gateways = List.copyOf(gateways);
    }
  }

  /**
   * The data of runs.
   *
   * @param directories below which recipes may name files
   * @param limits of the data sets that clients upload to the first of them
   */
  public record Data(List<Path> directories, DataRoom.Limits limits) {
    public Data {
      directories = List.copyOf(directories);
    }
  }

  /**
   * The processes that this one works with.
   *
   * @param authority directory of the authority that certifies clients of federations; absent for
   *     plaintext on the loopback
   * @param cluster file that describes this node's cluster; absent for a node by itself
   * @param kafka the external broker; absent for that of the home
   */
  public record Peers(
      Optional<Path> authority, Optional<Path> cluster, Optional<BrokerAccess> kafka) {
    public static final Peers NONE =
        new Peers(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The service's directory: journal, runs, tokens, address. */
  public Path directory() {
    return directoryIn(home);
  }

  public static Path directoryIn(Path home) {
    return home.resolve("service");
  }
}
