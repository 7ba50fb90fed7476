package io.espalier.configs;

/**
 * How a run chooses the units that it prunes.
 *
 * @param selection how a parameter's ranking becomes kept units
 */
public record RankingConfig(
    MemberSettings score, MemberSettings allocation, MemberSettings selection) {}
