package io.espalier.trainer.engine;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.NativeLibrary;
import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.capability.EngineCapability;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The engine that all tensors live in, started once per process on first use. Settings that nobody
 * has made are made then, so that a program of one's own gets the bits of the command line: one
 * thread per operation, no reports about its use, natives below the Espalier home.
 *
 * <p>Throws {@link IllegalStateException} if the engine cannot run on this machine, or if other
 * code has started it with another number of threads.
 */
public final class TensorEngine {
  private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";
  private static final String CACHE = "DJL_CACHE_DIR";

  private static @Nullable Engine engine;

  private TensorEngine() {}

  /** Returns a new root of tensors; the caller closes it. */
  public static NDManager newManager() {
    return started().newBaseManager();
  }

  /** Name and version, such as {@code PyTorch 2.7.1}. */
  public static String version() {
    return started().getEngineName() + " " + started().getVersion();
  }

  private static synchronized Engine started() {
    if (engine == null) {
      engine = start();
    }
    return engine;
  }

  private static Engine start() {
    EnginePlatform.problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
    useDefaults();
    choose(EngineCapability.start());
    Engine engine = Engine.getInstance();
    requireThreads(JniUtils.getNumThreads(), EngineCapability.threads());
    return engine;
  }

  /** Sets variables where native libraries read them. */
  private static void choose(Map<String, String> variables) {
    try {
      variables.forEach(TensorEngine::set);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "train.engine.capability = portable needs Linux or macOS: system=%s; set %s in the environment before the start instead"
              .formatted(System.getProperty("os.name"), variables),
          e);
    }
  }

  private static void set(String variable, String value) {
    NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] {variable, value, 1});
  }

  /** Sets the defaults of properties that are absent; tokenizers read them too. */
  public static void useDefaults() {
    defaults(System.getenv()).forEach(System.getProperties()::putIfAbsent);
  }

  /** Settings for properties that are absent; an environment variable of the engine wins. */
  static Map<String, String> defaults(Map<String, String> environment) {
    Map<String, String> defaults =
        new TreeMap<>(Map.of(EngineCapability.THREADS, "1", INTEROP_THREADS, "1"));
    if (!environment.containsKey(CACHE)) {
      defaults.put(CACHE, EspalierHome.path().resolve("engine").toString());
    }
    if (!environment.containsKey("OPT_OUT_TRACKING")) {
      defaults.put("OPT_OUT_TRACKING", "true");
    }
    return defaults;
  }

  static void requireThreads(int running, int wanted) {
    if (running != wanted) {
      throw new IllegalStateException(
          "the engine must run with the threads that were set, as results are bit-identical only for equal numbers: threads=%d, %s=%d; other code of this process has started the engine, so start Java with -D%s=%d -D%s=1"
              .formatted(
                  running,
                  EngineCapability.THREADS,
                  wanted,
                  EngineCapability.THREADS,
                  wanted,
                  INTEROP_THREADS));
    }
  }
}
