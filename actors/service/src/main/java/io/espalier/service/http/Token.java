package io.espalier.service.http;

import io.espalier.configs.Rules;
import io.espalier.service.Ownership;
import io.espalier.service.Quota;
import io.espalier.service.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * A token without its secret. Names are stored: none may change; what is absent has the values that
 * tokens of earlier versions have.
 *
 * @param name unique; 1 to 64 letters, digits and {@code . _ -}, the first a letter or digit
 * @param sha256 of the secret, in hex
 * @param expires when it ends; absent for never
 * @param owner absent for the token's name
 * @param project absent for the default one
 * @param scope absent for all
 * @param quota of its owner; absent for none
 */
public record Token(
    String name,
    Role role,
    Instant created,
    String sha256,
    Optional<Instant> expires,
    Optional<String> owner,
    Optional<String> project,
    Optional<Scope> scope,
    Optional<Quota> quota) {
  private static final String DIGEST = "[0-9a-f]{64}";

  public Token {
    new Rules()
        .require("name", name, Ownership.isName(name), Ownership.NAME_RULE)
        .require(
            "owner", owner.orElse(name), Ownership.isName(owner.orElse(name)), Ownership.NAME_RULE)
        .require(
            "project",
            project.orElse(Ownership.DEFAULT_PROJECT),
            Ownership.isName(project.orElse(Ownership.DEFAULT_PROJECT)),
            Ownership.NAME_RULE)
        .require("sha256", sha256, sha256.matches(DIGEST), "64 hex digits")
        .verify();
  }

  static Token of(String name, TokenTerms terms, Instant created, String sha256) {
    return new Token(
        name,
        terms.role(),
        created,
        sha256,
        terms.expires(),
        terms.owner(),
        Optional.of(terms.project()).filter(each -> !each.equals(Ownership.DEFAULT_PROJECT)),
        Optional.of(terms.scope()).filter(each -> each != Scope.ALL),
        Optional.of(terms.quota()).filter(each -> !each.equals(Quota.NONE)));
  }

  /** Whose what is submitted with it becomes. */
  public Ownership ownership() {
    return Ownership.of(owner.orElse(name), project.orElse(Ownership.DEFAULT_PROJECT));
  }

  boolean isExpired(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }

  Token expiring(Optional<Instant> time) {
    return new Token(name, role, created, sha256, time, owner, project, scope, quota);
  }

  /** The digest of another secret; that time is later than the one of the secret before. */
  Token withSecret(Instant now, String digest) {
    Instant later = now.isAfter(created) ? now : created.plusSeconds(1);
    return new Token(name, role, later, digest, expires, owner, project, scope, quota);
  }
}
