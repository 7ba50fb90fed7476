package io.espalier.bench.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import io.espalier.cli.console.CommandRefusedException;
import java.lang.management.ManagementFactory;

/** The limit of files and sockets that a process may have open. */
final class OpenFiles {
  /** Classes, logs and the like, beside the sockets. */
  private static final int OTHERS = 512;

  private OpenFiles() {}

  /** Refuses more sockets than this process may open; its children inherit the limit. */
  static void require(int sockets) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long limit = unix.getMaxFileDescriptorCount();
      if (limit < sockets + OTHERS) {
        throw new CommandRefusedException(
            "a process must be allowed a file for each connection and %d more: connections=%d, limit=%d; raise it with ulimit -n %d, or ask for fewer with --connections"
                .formatted(OTHERS, sockets, limit, sockets + OTHERS));
      }
    }
  }
}
