package io.espalier.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Memory of a process in bytes as the kernel counts it, now and at its peak. Linux only. */
public record ProcessMemory(long residentBytes, long peakBytes) {
  public static ProcessMemory own() throws IOException {
    return of(ProcessHandle.current().pid());
  }

  /** Reads the memory of a process; throws {@link IOException} if it has ended. */
  public static ProcessMemory of(long pid) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"));
    return new ProcessMemory(bytes(lines, "VmRSS:", pid), bytes(lines, "VmHWM:", pid));
  }

  private static long bytes(List<String> lines, String key, long pid) throws IOException {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("a process must live to be measured: pid=" + pid));
  }
}
