package io.espalier.bench.cost;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The instructions that measured processes compute with: Java, the engine and PyTorch alike. */
enum Instructions {
  /** All that the processor has. */
  MACHINE,
  AVX2;

  /** Names a figure with its instructions, unless they are all that the processor has. */
  String named(String figure) {
    return this == AVX2 ? figure + ", AVX2 only" : figure;
  }

  List<String> javaOptions() {
    return this == AVX2 ? List.of("-XX:UseAVX=2") : List.of();
  }

  /** Variables that the libraries of a process read when they load. */
  Map<String, String> environment() {
    return this == AVX2
        ? Map.of(
            "ATEN_CPU_CAPABILITY", "avx2",
            "MKL_ENABLE_INSTRUCTIONS", "AVX2",
            "ONEDNN_MAX_CPU_ISA", "AVX2",
            "OPENBLAS_CORETYPE", "Haswell")
        : Map.of();
  }

  /** Whether processors of an architecture can be held to them. */
  boolean areOf(String architecture) {
    return this == MACHINE || architecture.equals("amd64");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
