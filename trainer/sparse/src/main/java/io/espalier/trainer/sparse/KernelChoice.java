package io.espalier.trainer.sparse;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Chooses the kernels of this machine. The system property {@value #LANES} limits the lanes: 0 for
 * scalar kernels, 4 or 8. Results are the same.
 */
final class KernelChoice {
  static final String LANES = "io.espalier.sparse.lanes";
  private static final String MODULE = "jdk.incubator.vector";
  private static final int LEAST = 4;

  private KernelChoice() {}

  static Kernels kernels() {
    if (lanes(LEAST) < LEAST) {
      return new ScalarKernels(LANES + " is below 4");
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new ScalarKernels("start Java with --add-modules " + MODULE + " for SIMD");
    }
    if (!hasFusedMultiplyAdd()) {
      return new ScalarKernels("this machine has no SIMD with fused multiply-add");
    }
    try {
      return Class.forName(KernelChoice.class.getPackageName() + ".VectorKernels")
          .asSubclass(Kernels.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      return new ScalarKernels("the Vector API cannot be used: " + e);
    }
  }

  /** Without it the Vector API is far slower than scalar code. */
  private static boolean hasFusedMultiplyAdd() {
    try {
      HotSpotDiagnosticMXBean machine =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return machine == null || Boolean.parseBoolean(machine.getVMOption("UseFMA").getValue());
    } catch (IllegalArgumentException | LinkageError e) {
      return true;
    }
  }

  /** The lanes to use on a machine that has {@code widest}. */
  static int lanes(int widest) {
    return Math.min(widest, Integer.getInteger(LANES, widest));
  }
}
