package io.espalier.trainer.objective;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import java.util.Optional;

/** The keys of objectives that compare with a stored network. */
final class TeacherFile {
  static final String TEACHER = "teacher";
  private static final String SHA256 = "sha256";

  private TeacherFile() {}

  static PluginKeys keys() {
    return PluginKeys.NONE
        .required(
            TEACHER, PluginKeys.Type.PATH, "the model.safetensors of the network that teaches")
        .text(SHA256, "");
  }

  static Rules check(MemberSettings settings) {
    String sha256 = settings.text(SHA256);
    return new Rules()
        .require(
            SHA256,
            sha256,
            sha256.isEmpty() || sha256.matches("[0-9a-f]{64}"),
            "64 lower-case hexadecimal digits");
  }

  static boolean isPinned(MemberSettings settings) {
    return !settings.text(SHA256).isEmpty();
  }

  static Teacher open(MemberSettings settings, ObjectiveContext context) {
    return context
        .teachers()
        .open(
            PluginKind.OBJECTIVE.path() + "." + TEACHER,
            settings.path(TEACHER),
            Optional.of(settings.text(SHA256)).filter(digest -> !digest.isEmpty()));
  }
}
