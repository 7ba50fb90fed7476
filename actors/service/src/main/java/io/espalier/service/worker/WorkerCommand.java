package io.espalier.service.worker;

import io.espalier.trainer.executor.TrainerThreads;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command of a worker: Java, classes and options of this process, but for those of which each
 * process needs its own.
 *
 * @param main class that calls {@link Worker}
 */
record WorkerCommand(List<String> options, String classPath, String main) {
  /** Heap; debuggers, agents and consoles that listen at a port; files that two would write. */
  private static final List<String> OWN =
      List.of(
          "-Xmx",
          "-Xms",
          "-Xmn",
          "-XX:MaxHeapSize",
          "-XX:InitialHeapSize",
          "-XX:MaxRAM",
          "-XX:MinRAM",
          "-XX:InitialRAM",
          "-agentlib:",
          "-agentpath:",
          "-javaagent:",
          "-Xrun",
          "-Xdebug",
          "-Dcom.sun.management.",
          "-XX:ErrorFile",
          "-XX:+HeapDump",
          "-XX:HeapDumpPath",
          "-XX:OnError",
          "-XX:OnOutOfMemoryError",
          "-XX:StartFlightRecording",
          "-XX:ArchiveClassesAtExit",
          "-XX:SharedArchiveFile",
          "-Xlog",
          "-Xloggc");

  WorkerCommand {
    options = List.copyOf(options);
  }

  static WorkerCommand ofThisProcess(String main) {
    return new WorkerCommand(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> OWN.stream().noneMatch(option::startsWith))
            .toList(),
        System.getProperty("java.class.path"),
        main);
  }

  List<String> line(WorkerMemory memory, ClassArchive.Use archive, Path directory) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(options);
    line.addAll(archive.options());
    line.addAll(
        List.of(
            "-Xmx" + memory.heapMb() + "m",
            "-D" + TrainerThreads.CORES + "=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + directory.resolve(WorkerDeath.CRASH_REPORT),
            "-XX:+DisplayVMOutputToStderr",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-cp",
            classPath,
            main));
    return line;
  }
}
