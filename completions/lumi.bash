# bash completion for lumi: asks the program itself, so it knows every command, flag and id.
_lumi() {
  local line=${COMP_LINE:0:COMP_POINT} words current answer kind
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=${words[-1]}
  COMPREPLY=()
  while IFS=$'\t' read -r answer _; do
    case $answer in
      :file | :folder) kind=$answer ;;
      ?*) COMPREPLY+=("$answer") ;;
    esac
  done < <("${words[0]}" __complete "$((${#words[@]} - 1))" -- "${words[@]}" 2>/dev/null)
  # bash breaks words at "=" and ":"; candidates must be what follows the last break.
  if [[ $current == *=* && $COMP_WORDBREAKS == *=* ]]; then
    COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*=}"}"}")
    current=${current##*=}
  fi
  if [[ $kind == :file ]]; then
    compopt -o filenames
    while IFS= read -r answer; do COMPREPLY+=("$answer"); done < <(compgen -f -- "$current")
  elif [[ $kind == :folder ]]; then
    compopt -o filenames
    while IFS= read -r answer; do COMPREPLY+=("$answer"); done < <(compgen -d -- "$current")
  fi
}
complete -F _lumi lumi
