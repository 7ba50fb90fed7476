package io.espalier.service.http;

import io.espalier.service.Ownership;
import io.espalier.service.Quota;
import io.espalier.service.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * What a new token allows.
 *
 * @param expires when it ends; absent for never
 * @param owner of what is submitted with it; absent for the token's name
 * @param project of what is submitted with it
 * @param scope whose runs and data sets it reaches
 * @param quota of its owner
 */
public record TokenTerms(
    Role role,
    Optional<Instant> expires,
    Optional<String> owner,
    String project,
    Scope scope,
    Quota quota) {
  /** Never ends, reaches all, has no limits. */
  public static TokenTerms of(Role role) {
    return new TokenTerms(
        role, Optional.empty(), Optional.empty(), Ownership.DEFAULT_PROJECT, Scope.ALL, Quota.NONE);
  }

  public TokenTerms expiring(Instant time) {
    return new TokenTerms(role, Optional.of(time), owner, project, scope, quota);
  }

  public TokenTerms of(String anOwner, String aProject) {
    return new TokenTerms(role, expires, Optional.of(anOwner), aProject, scope, quota);
  }

  public TokenTerms within(Scope reach) {
    return new TokenTerms(role, expires, owner, project, reach, quota);
  }

  public TokenTerms limited(Quota limits) {
    return new TokenTerms(role, expires, owner, project, scope, limits);
  }
}
