package io.espalier.training.run;

import io.espalier.configs.DataConfig;
import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.ParameterId;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

final class ProvenanceEvents {
  private static final String VERSIONS = "/io/espalier/training/run/versions.properties";

  private ProvenanceEvents() {}

  /**
   * The first events of an attempt that resumes after {@code fromStep} steps; 0 without a
   * checkpoint. The first attempt of a run that goes on from another starts there.
   */
  static List<Event> of(PreparedRun run, String recipe, int attempt, long fromStep) {
    List<Event> events = new ArrayList<>(List.of(provenance(run, recipe)));
    if (attempt > 1) {
      events.add(new RunEvent.RunResumed(attempt, fromStep));
    }
    if (fromStep == 0 || attempt == 1) {
      events.add(started(run, attempt));
    }
    events.add(parameters(run));
    return events;
  }

  private static RunEvent.RunStarted started(PreparedRun run, int attempt) {
    return new RunEvent.RunStarted(
        run.config().name(),
        attempt,
        run.config().train().trainers(),
        run.plan().totalSteps(),
        run.plan().stepsPerEpoch(),
        run.plan().prunable(),
        run.plan().finalKept(),
        run.plan().finalSparsity(),
        run.config().tags(),
        run.dataset().metric().charactersPerToken());
  }

  private static RunEvent.Provenance provenance(PreparedRun run, String recipe) {
    return new RunEvent.Provenance(
        CodeVersion.current(),
        Runtime.version().toString(),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        versions(run),
        run.config().seed(),
        run.config().train().trainers(),
        EngineCapability.threads(),
        run.dataset().name(),
        "sha256:" + run.dataset().digest(),
        run.layout().digest(),
        recipe,
        run.config()
            .parent()
            .map(parent -> new RunEvent.ParentRun(parent.run(), parent.step(), parent.changes())),
        Optional.of(EngineCapability.processor()),
        Optional.of(EngineCapability.current()));
  }

  private static Map<String, String> versions(PreparedRun run) {
    Map<String, String> versions = new HashMap<>(libraries());
    versions.putAll(members(run.config()));
    if (run.config().train().compute().execution() != ExecutionConfig.ENGINE) {
      versions.put("arithmetic of plain Java", String.valueOf(run.arithmetic()));
    }
    return versions;
  }

  private static RunEvent.ParametersDescribed parameters(PreparedRun run) {
    Set<ParameterId> prunable = new HashSet<>(run.prunableIds());
    return new RunEvent.ParametersDescribed(
        run.network().parameters().stream()
            .map(parameter -> describe(parameter, prunable.contains(parameter.id())))
            .toList());
  }

  private static RunEvent.ParameterInfo describe(ParameterSpec parameter, boolean prunable) {
    return new RunEvent.ParameterInfo(
        parameter.id().name(),
        parameter.shape().dimensions().stream().map(Integer::longValue).toList(),
        parameter.shape().size(),
        prunable,
        parameter.macs());
  }

  static Map<String, String> libraries() {
    try (InputStream stream =
        Objects.requireNonNull(ProvenanceEvents.class.getResourceAsStream(VERSIONS))) {
      Properties properties = new Properties();
      properties.load(stream);
      Map<String, String> versions = new TreeMap<>();
      properties
          .stringPropertyNames()
          .forEach(name -> versions.put(name, properties.getProperty(name)));
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Class and version of each member of the user's that a recipe names, by family and name. */
  private static Map<String, String> members(RunConfig config) {
    Map<String, String> versions = new TreeMap<>();
    PluginRegistry installed = PluginRegistry.installed();
    chosen(config).forEach((family, settings) -> add(installed, family, settings, versions));
    config.train().step().rules().forEach(rule -> add(installed, PluginKind.RULE, rule, versions));
    return versions;
  }

  private static void add(
      PluginRegistry installed,
      PluginKind family,
      MemberSettings settings,
      Map<String, String> versions) {
    installed.named(family, settings.name()).stream()
        .filter(member -> !PluginRegistry.isBuiltIn(member))
        .forEach(member -> versions.put(family.word() + " " + settings.name(), version(member)));
  }

  private static Map<PluginKind, MemberSettings> chosen(RunConfig config) {
    Map<PluginKind, MemberSettings> chosen = new EnumMap<>(PluginKind.class);
    if (config.data().source() instanceof DataConfig.Custom own) {
      chosen.put(PluginKind.DATA, own.settings());
    }
    if (config.model().architecture() instanceof ModelConfig.Custom own) {
      chosen.put(PluginKind.NETWORK, own.settings());
    }
    chosen.put(PluginKind.INITIALIZER, config.model().initial());
    if (config.train().step().optimizer() instanceof OptimizerConfig.Custom own) {
      chosen.put(PluginKind.OPTIMIZER, own.settings());
    }
    if (config.train().step().learningRate() instanceof LearningRateConfig.Custom own) {
      chosen.put(PluginKind.LEARNING_RATE, own.settings());
    }
    chosen.put(PluginKind.OBJECTIVE, config.train().loss().objective());
    chosen.put(PluginKind.SCORE, config.prune().ranking().score());
    chosen.put(PluginKind.ALLOCATION, config.prune().ranking().allocation());
    chosen.put(PluginKind.SCHEDULE, config.prune().schedule());
    chosen.put(PluginKind.MASK, config.prune().mask().member());
    chosen.put(PluginKind.REGROWTH, config.prune().regrowth());
    chosen.put(PluginKind.REFIT, config.prune().refit());
    return chosen;
  }

  private static String version(Plugin member) {
    return member.getClass().getName()
        + Optional.ofNullable(member.getClass().getPackage().getImplementationVersion())
            .map(version -> " " + version)
            .orElse(", unversioned");
  }
}
