# fish completion for lumi: asks the program itself, so it knows every command, flag and id.
function __lumi_complete
  set -l words (commandline -opc) (commandline -ct)
  for answer in ($words[1] __complete (math (count $words) - 1) -- $words 2>/dev/null)
    switch $answer
      case ':file'
        __fish_complete_path (commandline -ct)
      case ':folder'
        __fish_complete_directories (commandline -ct)
      case '*'
        echo $answer
    end
  end
end
complete -c lumi -f -a '(__lumi_complete)'
