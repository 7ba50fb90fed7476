package io.espalier.cli.serve;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A user's source of examples that harms its process instead of reading any. */
public final class RecklessData implements DataProvider {
  private static final int MEGABYTE = 1 << 20;
  private static final int CHUNK_MB = 32;
  private static final int MOST_CHUNKS = 80;

  /** A directory for the class path, through which this and the score are found. */
  static Path registeredIn(Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("io.espalier.configs.plugin.Plugin"),
        RecklessData.class.getName() + "\n" + RecklessScore.class.getName());
    return directory;
  }

  @Override
  public String name() {
    return "reckless";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.text("deed", "halt");
  }

  @Override
  public void check(MemberSettings settings) {}

  @Override
  public Dataset load(MemberSettings settings, long seed) throws IOException {
    switch (settings.text("deed")) {
      case "halt" -> {
        System.err.println("the source halts its process");
        Runtime.getRuntime().halt(99);
      }
      case "fault" -> new Pointer(8).setInt(0, 1);
      case "native" -> hoard(new ArrayList<>());
      case "heap" -> fill(new ArrayList<>());
      default -> throw new IllegalArgumentException("deed=" + settings.text("deed"));
    }
    throw new IllegalStateException("a reckless source must end its process");
  }

  /** Ends by itself, so that a service that does not watch does not take the machine along. */
  private static void hoard(List<Memory> hoarded) {
    for (int i = 0; i < MOST_CHUNKS; i++) {
      Memory chunk = new Memory((long) CHUNK_MB * MEGABYTE);
      chunk.setMemory(0, chunk.size(), (byte) 1);
      hoarded.add(chunk);
      pause();
    }
  }

  private static void fill(List<byte[]> filled) {
    for (int i = 0; i < MOST_CHUNKS; i++) {
      filled.add(new byte[CHUNK_MB * MEGABYTE]);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
