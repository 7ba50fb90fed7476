package io.espalier.trainer.engine;

import ai.djl.util.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;

/** The machines that the engine runs on. */
public final class EnginePlatform {
  private static final String NATIVES = "native/lib/pytorch.properties";
  private static final String ENGINE = "ai.djl.pytorch.engine.PtEngine";
  private static final String OWN_LIBRARY = "PYTORCH_LIBRARY_PATH";

  private EnginePlatform() {}

  /** Returns why the engine cannot run here, with a way out; empty if it can. */
  public static Optional<String> problem() {
    if (!isOnClassPath()) {
      return Optional.of(
          "the engine must be on the class path: missing=%s; take espalier.jar, which holds it"
              .formatted(ENGINE));
    }
    boolean hasOwn = !System.getenv().getOrDefault(OWN_LIBRARY, "").isBlank();
    return hasOwn
        ? Optional.empty()
        : problem(Platform.fromSystem("pytorch").getClassifier(), installed());
  }

  private static boolean isOnClassPath() {
    try {
      return Class.forName(ENGINE, false, EnginePlatform.class.getClassLoader()) != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  static Optional<String> problem(String platform, SortedSet<String> installed) {
    return installed.contains(platform)
        ? Optional.empty()
        : Optional.of(
            "the engine must be built for this machine: platform=%s, engine=%s; build Espalier on the machine itself, which takes the engine for linux-x86_64 or linux-aarch64, or set %s to the directory of a PyTorch for it"
                .formatted(platform, installed, OWN_LIBRARY));
  }

  private static SortedSet<String> installed() {
    SortedSet<String> installed = new TreeSet<>();
    try {
      for (URL each :
          Collections.list(EnginePlatform.class.getClassLoader().getResources(NATIVES))) {
        Properties properties = new Properties();
        try (InputStream in = each.openStream()) {
          properties.load(in);
        }
        installed.add(properties.getProperty("classifier", "none"));
      }
      return installed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
