package io.espalier.trainer.objective;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The built-in objectives, and those of users by their name. */
public final class Objectives implements BuiltInPlugins {
  @Override
  public List<ObjectiveProvider> list() {
    return List.of(
        new CrossEntropy.Provider(), //
        new Distillation.Provider(),
        new BlockReconstruction.Provider());
  }

  /** Whether a recipe's objective compares with a stored network, which the engine computes. */
  public static boolean hasTeacher(MemberSettings objective) {
    return objective.is(Distillation.NAME) || objective.is(BlockReconstruction.NAME);
  }

  /** The file of a recipe's teacher whose digest the recipe lacks. */
  public static Optional<Path> unpinnedTeacher(MemberSettings objective) {
    return hasTeacher(objective) && !TeacherFile.isPinned(objective)
        ? Optional.of(objective.path(TeacherFile.TEACHER))
        : Optional.empty();
  }

  /** Whether a recipe's objective trains each transformer block by itself. */
  public static boolean trainBlocks(TrainConfig train) {
    return provider(train).trainsBlocks();
  }

  private static ObjectiveProvider provider(TrainConfig train) {
    return PluginRegistry.require(
        PluginKind.OBJECTIVE, train.loss().objective(), ObjectiveProvider.class);
  }

  /** The objective of a recipe; the caller closes it. */
  public static Objective of(TrainConfig train, int classes, Teachers teachers) {
    MemberSettings settings = train.loss().objective();
    ObjectiveContext context =
        new ObjectiveContext(classes, train.loss().labelSmoothing(), teachers);
    return PluginRegistry.create(
        PluginKind.OBJECTIVE,
        settings,
        ObjectiveProvider.class,
        provider -> provider.create(settings, context),
        (guard, objective) -> ObjectiveChecks.around(guard, objective, train));
  }
}
